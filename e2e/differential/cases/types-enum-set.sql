-- ENUM and SET
CREATE TABLE t (
  id INT PRIMARY KEY, a ENUM('a', 'b', 'c'), b SET('x', 'y', 'z'), c ENUM('one') NOT NULL DEFAULT 'one', d SET('p', 'q') NOT NULL DEFAULT 'p,q', e ENUM('', 'e'), f SET('') , g ENUM('Ü', '漢'), h SET('ab', 'cd') NOT NULL DEFAULT '',
  i ENUM('n', 'y') DEFAULT NULL);
INSERT INTO t (id, a, b, e, f, g) VALUES (1, 'a', 'x,z', '', '', 'Ü'), (2, 'c', '', 'e', NULL, '漢'), (3, NULL, NULL, NULL, NULL, NULL), (4, 2, 7, 1, 1, 2);
UPDATE t SET a = 'b', b = 'z,y,x', d = '' WHERE id = 1;
