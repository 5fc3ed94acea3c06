"""The web application: the pages, the SPARQL 1.1 Protocol endpoint and its editor, all over a folder that ``kg build`` made."""
