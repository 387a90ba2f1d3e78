"""What a user must know of each calculator: columns, options, fields of the answer; one module per method."""
