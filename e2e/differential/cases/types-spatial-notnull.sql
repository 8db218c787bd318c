-- Spatial types other than POINT that are NOT NULL
CREATE TABLE t (id INT PRIMARY KEY, p POLYGON NOT NULL, g GEOMETRY NOT NULL, l LINESTRING NOT NULL);
INSERT INTO t VALUES (1, ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))'), ST_GeomFromText('POINT(1 1)'), ST_GeomFromText('LINESTRING(0 0,1 1)'));
-- stream
INSERT INTO t VALUES (2, ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))'), ST_GeomFromText('POINT(1 1)'), ST_GeomFromText('LINESTRING(0 0,1 1)'));
