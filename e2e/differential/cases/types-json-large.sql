-- JSON documents larger than the small format holds, deep ones, and many keys
CREATE TABLE t (id INT PRIMARY KEY, j JSON);
SET SESSION cte_max_recursion_depth = 20000;
INSERT INTO t VALUES (1, JSON_OBJECT('long', REPEAT('x', 70000), 'short', 1));
INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) SELECT 2, JSON_ARRAYAGG(JSON_OBJECT('i', i, 's', CONCAT('v', i))) FROM n;
INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000) SELECT 3, JSON_OBJECTAGG(CONCAT('key', i), i * 100000) FROM n;
INSERT INTO t VALUES (4, CONCAT(REPEAT('[', 90), REPEAT(']', 90))), (5, '{"": "", " ": [], "a.b": {"$": null}, "quote\\"d": "\\u00e9\\u0000"}');
UPDATE t SET j = JSON_SET(j, '$.short', 2) WHERE id = 1;
DELETE FROM t WHERE id = 5;
