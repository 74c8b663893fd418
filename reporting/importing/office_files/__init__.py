"""Word, OpenDocument and HTML files: every text node of theirs, and where pandoc puts it.

A child process runs this, twice a file. First `docx`, `odt` or `html` goes through all text nodes, keeps aside what is
no running text (headers, text boxes, comments, deletions), and writes a plain copy for pandoc in which each text node
begins with a mark of its own. Then `tree` makes blocks of what pandoc read, and the marks tell which text nodes stand
in which block, and which it left out. Nothing here imports Django: it starts fast, and takes nothing with it when it is
ended.
"""
