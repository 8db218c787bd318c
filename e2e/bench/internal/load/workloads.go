package load

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Workloads returns all of them at a scale: rows is a million in the real thing.
func Workloads(rows int) []*Workload {
	return []*Workload{snapshot(rows), backlog(rows), single(rows), wide(rows / 5), latency(), huge(2 * rows)}
}

// Choose returns the workloads of these names, in the order of the benchmark.
func Choose(all []*Workload, names []string) ([]*Workload, error) {
	var out []*Workload
	var known []string
	for _, w := range all {
		known = append(known, w.Name)
		if slices.Contains(names, w.Name) {
			out = append(out, w)
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("workload %q is not one of %s", name, strings.Join(known, ", "))
		}
	}
	return out, nil
}

// columnsOfBase are copied from the base table.
const columnsOfBase = "id, k, c, pad"

func snapshot(rows int) *Workload {
	return &Workload{
		Name: "snapshot", Title: fmt.Sprintf("Snapshot of %s sysbench rows", Thousands(rows)),
		Snapshot: true, Records: int64(rows), columns: sysbench,
		scripts: [][]string{{insert(1, rows)}},
	}
}

func backlog(changes int) *Workload {
	const perTransaction = 10_000
	var script []string
	rows := changes / 2
	for from := 1; from <= rows; from += perTransaction / 2 {
		to := min(from+perTransaction/2-1, rows)
		script = append(script, "BEGIN", insert(from, to), update(from, to), "COMMIT")
	}
	return &Workload{
		Name: "backlog", Title: fmt.Sprintf("Backlog of %s changes in transactions of %s", Thousands(2*rows), Thousands(perTransaction)),
		Records: int64(2 * rows), columns: sysbench, scripts: [][]string{script},
	}
}

func single(changes int) *Workload {
	rows := changes / 2
	w := &Workload{
		Name: "single", Title: fmt.Sprintf("Backlog of %s changes in transactions of one row", Thousands(2*rows)),
		Records: int64(2 * rows), columns: sysbench,
	}
	// Two connections, each with a procedure of its own, so that the server is not
	// kept waiting by the client.
	for i, half := range [][2]int{{1, rows / 2}, {rows/2 + 1, rows}} {
		name := fmt.Sprintf("%s.single%d", baseDatabase, i)
		w.scripts = append(w.scripts, []string{
			"DROP PROCEDURE IF EXISTS " + name,
			fmt.Sprintf(`CREATE PROCEDURE %s() BEGIN
				DECLARE i INT DEFAULT %d;
				WHILE i <= %d DO
					INSERT INTO %s.%s (%s) SELECT %s FROM %s WHERE id = i;
					UPDATE %[4]s.%[5]s SET k = k + 1 WHERE id = i;
					SET i = i + 1;
				END WHILE; END`, name, half[0], half[1], w.Database(), Table, columnsOfBase, columnsOfBase, base),
			"CALL " + name + "()",
		})
	}
	return w
}

func huge(rows int) *Workload {
	half := rows / 2
	return &Workload{
		Name: "huge", Title: fmt.Sprintf("One transaction of %s rows", Thousands(2*half)),
		Records: int64(2 * half), columns: sysbench,
		scripts: [][]string{{"BEGIN", insert(1, half), fmt.Sprintf("INSERT INTO %s (%s) SELECT id + %d, k, c, pad FROM %s WHERE id <= %[3]d",
			Table, columnsOfBase, half, base), "COMMIT"}},
	}
}

func latency() *Workload {
	return &Workload{
		Name: "latency", Title: "Latency of single-row transactions", Rates: []int{200, 2000},
		columns: strings.Replace(sysbench, "id INT NOT NULL AUTO_INCREMENT", "id BIGINT NOT NULL", 1),
	}
}

func insert(from, to int) string {
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %[2]s FROM %s WHERE id BETWEEN %d AND %d", Table, columnsOfBase, base, from, to)
}

func update(from, to int) string {
	return fmt.Sprintf("UPDATE %s SET k = k + 1 WHERE id BETWEEN %d AND %d", Table, from, to)
}

// Thousands writes a number as people read it: 1,000,000.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
