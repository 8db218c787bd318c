-- BINARY, VARBINARY and BLOB
CREATE TABLE t (id INT PRIMARY KEY, a BINARY(4), b VARBINARY(10), c TINYBLOB, d BLOB, e MEDIUMBLOB, f LONGBLOB, g BLOB(10), h BINARY, i VARBINARY(5) NOT NULL DEFAULT 'ab');
INSERT INTO t (id, a, b, c, d, e, f, g, h) VALUES
  (1, x'01020304', x'00ff', x'01', x'02', x'03', x'04', x'05', x'06'),
  (2, x'0102', x'', x'', x'', x'', x'', x'', x'ff'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, x'01020000', x'0100', x'00', x'0000', REPEAT(x'ff', 300), REPEAT(x'00', 70000), x'80', x'00');
UPDATE t SET i = 'zz' WHERE id = 1;
