"""Files of tables (CSV, XLSX) ↔ plain rows of texts. What the rows mean is decided by verbs."""
