//go:build e2e

package main

import "testing"

func TestSource_snapshotThenStream(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(20))", "CREATE TABLE b (id INT PRIMARY KEY)",
		"INSERT INTO a VALUES (1, 'one'), (2, NULL)")
	r := newRecorder(1)
	x := b.start(r)
	x.expect(0, "r a {1 one}", "r a {2 NULL}")
	b.exec("INSERT INTO a VALUES (3, 'three')", "UPDATE a SET v = 'zwei' WHERE id = 2", "DELETE FROM a WHERE id = 1", "UPDATE a SET id = 4 WHERE id = 3")
	want := []string{"r a {1 one}", "r a {2 NULL}", "c a {3 three}", "u a {2 NULL} {2 zwei}", "d a {1 one}", "u a {3 three} {4 three}"}
	x.expect(0, want...)
	x.stop()
	b.exec("BEGIN", "INSERT INTO b VALUES (1), (2)", "INSERT INTO a VALUES (9, '')", "COMMIT")
	x = b.start(r)
	want = append(want, "c b {1}", "c b {2}", "c a {9 }")
	x.expect(0, want...)
	x.stop()
}
