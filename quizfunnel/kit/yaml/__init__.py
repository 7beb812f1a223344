"""YAML slips: what people write wrong in any YAML file, in plain words and with the line as it should be."""
