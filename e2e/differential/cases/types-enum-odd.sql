-- ENUM and SET labels with quotes, spaces and trailing spaces, and the empty error value
CREATE TABLE t (id INT PRIMARY KEY, a ENUM('it''s', 'a "b"', 'trail  ', ' lead', 'c;d', 'e(f)'), b SET('it''s', 'x y', 'a-b') , c ENUM('A', 'a b', 'ß'));
SET sql_mode = '';
INSERT INTO t VALUES (1, 'it''s', 'it''s,a-b', 'A'), (2, 'a "b"', 'x y', 'ß'), (3, 'trail', '', 'a b'), (4, ' lead', 'a-b', 'nothing'), (5, 'c;d', 'x y,a-b', 'A'), (6, 'e(f)', '', 'A');
