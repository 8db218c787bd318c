-- Generated and invisible columns, expressions as defaults, comments
CREATE TABLE t (
  id INT PRIMARY KEY COMMENT 'the key', a INT COMMENT 'it''s a; comment', b INT GENERATED ALWAYS AS (a * 2) VIRTUAL, c INT AS (a + 1) STORED NOT NULL, d INT INVISIBLE, e INT NOT NULL DEFAULT (1 + 1), f VARCHAR(36) DEFAULT (UUID()), g JSON DEFAULT (JSON_ARRAY()), h DATE DEFAULT (CURRENT_DATE), i INT INVISIBLE NOT NULL DEFAULT 3) COMMENT = 'table';
INSERT INTO t (id, a, f, h) VALUES (1, 10, 'f', '2020-01-01'), (2, 20, 'g', NULL);
INSERT INTO t (id, a, d, f, h) VALUES (3, 30, 5, 'f', NULL);
UPDATE t SET a = 11, d = 7 WHERE id = 1;
