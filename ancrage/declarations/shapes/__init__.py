"""What a file may say, section by section: a table of fields each (read, checked, documented and turned into JSON Schema from it),
and a function that makes the domain value the program relies on."""
