"""Tells what a file is: sealed here, an altered copy of such a file, a draft, of another portal, or none of these.

`verdicts.verify` answers for a file, `verdicts.verify_hash` for a hash, `integrity.integrity_problems` for what is
stored of a seal, and `texts.same_text` for two files of a format.
"""
