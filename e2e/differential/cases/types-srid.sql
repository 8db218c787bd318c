-- Spatial columns that are NOT NULL, with and without a reference system
CREATE TABLE t (id INT PRIMARY KEY, a POINT NOT NULL, b GEOMETRY NOT NULL SRID 0, c POINT SRID 4326 NOT NULL, d POLYGON NOT NULL /*!80003 SRID 4326 */);
INSERT INTO t VALUES (1, POINT(1, 1), POINT(2, 2), ST_GeomFromText('POINT(3 3)', 4326), ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))', 4326));
