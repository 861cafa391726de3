// There is no code: the package only names where the schema of SARIF is.
