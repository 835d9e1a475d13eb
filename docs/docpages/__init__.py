"""Pages of the documents that are made from the code, the ledger and the reference results. `python docs/generate.py` writes them."""
