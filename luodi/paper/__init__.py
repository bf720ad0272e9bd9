"""Pages to print: PDF from a Typst template and plain values."""
