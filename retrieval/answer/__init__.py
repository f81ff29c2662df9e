"""From passages to claims with proof, or to a refusal. Search never imports this."""
