"""The register of annual clearances: verbs, what a number covers, pages."""
