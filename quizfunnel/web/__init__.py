"""What every page shares: rendering, security headers, errors and health."""
