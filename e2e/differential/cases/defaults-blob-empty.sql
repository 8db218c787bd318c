-- BLOB and TEXT with an empty default, which a session without strict mode may give
-- differs: default-blob
SET SESSION sql_mode='';
CREATE TABLE t (id INT PRIMARY KEY, b BLOB DEFAULT '', t TEXT DEFAULT '');
INSERT INTO t (id) VALUES (1);
