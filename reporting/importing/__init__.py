"""Reading old documents in: file -> blocks -> mended blocks -> outline -> proposals -> records.

`files` takes a file in and has it read, `mending` repairs what pages and conversion broke, `outline` finds cover,
sections and items, `proposals` says which records they would make. None of them writes; `services.imports` does.
"""
