"""The named, versioned methods of assessment.md, one module each; `registry` lists them."""
