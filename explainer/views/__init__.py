"""One record, three readers: agent, customer, auditor."""
