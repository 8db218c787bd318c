-- JSON of every kind
CREATE TABLE t (id INT PRIMARY KEY, j JSON, k JSON NOT NULL);
INSERT INTO t VALUES
  (1, '{"a": 1, "b": [1, 2.5, "x", null, true, false]}', '{}'), (2, NULL, '[]'), (3, 'null', '""'), (4, '"text with \\"quotes\\" and \\\\ and \\n and / and \\u0001"', '1'),
  (5, '18446744073709551615', '-9223372036854775808'), (6, '1.0', '1e100'), (7, '0.1', '-0.0'), (8, '"😀 Ünï"', '{"ключ": "値"}'),
  (9, '{"bb": 1, "a": 2, "ccc": {"d": {"e": [[], {}, [[]]]}}}', '[1, [2, [3]]]'), (10, 'true', 'false'), (11, '123456789012345678901234567890', '1.7976931348623157e308'), (12, '65535', '[-1, 32768, 2147483648, -2147483649]');
UPDATE t SET j = JSON_SET(j, '$.c', 'new') WHERE id = 1;
