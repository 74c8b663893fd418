"""The offline workbook: records as sheets, edited away from the portal, and taken in again as drafts."""
