-- The same statements written oddly: comments, case, quotes, hints
CREATE TABLE t (id INT PRIMARY KEY, a INT);
INSERT INTO t VALUES (1, 1);
-- stream
alter/**/table `t` add /* a comment, with (brackets */ column `b c` int default '5' , add`d`varchar(10)charset latin1 default 'x,y)';
INSERT INTO t VALUES (2, 2, 2, 'é');
/*!50000 ALTER TABLE t */ /*!40101 ADD e INT */;
INSERT INTO t VALUES (3, 3, 3, 'z', 3);
ALTER TABLE {db}.t ALGORITHM = INSTANT, ADD COLUMN f INT;
INSERT INTO t VALUES (4, 4, 4, 'z', 4, 4);
SET sql_mode = 'NO_BACKSLASH_ESCAPES';
ALTER TABLE t ADD g VARCHAR(10) DEFAULT 'g';
INSERT INTO t VALUES (5, 5, 5, 'z', 5, 5, 'g');
# a comment
ALTER TABLE t DROP COLUMN a /* last */ ;
INSERT INTO t VALUES (6, 6, 'z', 6, 6, 'g');
