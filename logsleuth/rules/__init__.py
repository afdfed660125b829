"""What explains what: rules as data, loaded strictly, tried on facts."""
