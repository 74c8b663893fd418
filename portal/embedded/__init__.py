"""The PostgreSQL server of a trial: nothing to install, nothing to start, nothing left running.

Every process that opens a connection holds a shared lock on `var/postgres-run/users` until it ends, however it ends.
The first one that finds no server starts a guardian (`guardian.py`), a process of its own that runs PostgreSQL and
stops it when nobody holds the users' lock any more. The guardian, PostgreSQL and all its processes share one exclusive
lock on `var/postgres-run/guardian`; whoever gets that lock therefore knows that nothing of an earlier server lives.
Whether the server lives is asked by connecting to it. No decision is taken on a process id: they are reused.

The data lie in `var/postgres-<major version>/`. No TCP port is opened; the socket lies in a private folder of /tmp,
because its path may have 107 bytes at most, and `var` may be longer.
"""
