package load

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWorkloadsScale(t *testing.T) {
	t.Parallel()
	got := map[string]int64{}
	for _, w := range Workloads(1_000_000) {
		got[w.Name] = w.Records
	}
	want := map[string]int64{
		"snapshot": 1_000_000, "backlog": 1_000_000, "single": 1_000_000, "wide": 200_000, "latency": 0, "huge": 2_000_000,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

var between = regexp.MustCompile(`BETWEEN (\d+) AND (\d+)`)

func TestBacklogTouchesEachRowOnce(t *testing.T) {
	t.Parallel()
	const changes = 25_000 // the last transaction is smaller
	w := backlog(changes)
	var got []string
	for _, statement := range w.scripts[0] {
		verb, _, _ := strings.Cut(statement, " ")
		if m := between.FindStringSubmatch(statement); m != nil {
			verb += " " + m[1] + "-" + m[2]
		}
		got = append(got, verb)
	}
	want := []string{
		"BEGIN", "INSERT 1-5000", "UPDATE 1-5000", "COMMIT",
		"BEGIN", "INSERT 5001-10000", "UPDATE 5001-10000", "COMMIT",
		"BEGIN", "INSERT 10001-12500", "UPDATE 10001-12500", "COMMIT",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if w.Records != changes {
		t.Errorf("%d records, want %d", w.Records, changes)
	}
}

func TestWideTable(t *testing.T) {
	t.Parallel()
	if len(wideColumns) != 60 {
		t.Errorf("%d columns, want 60", len(wideColumns))
	}
	names := map[string]bool{}
	for _, c := range wideColumns {
		if names[c.name] {
			t.Errorf("two columns %s", c.name)
		}
		names[c.name] = true
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	all := Workloads(1000)
	got, err := Choose(all, []string{"huge", "snapshot"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Name != "snapshot" || got[1].Name != "huge" {
		t.Errorf("got %v, want snapshot and huge in this order", got)
	}
	if _, err := Choose(all, []string{"tiny"}); err == nil || !strings.Contains(err.Error(), "snapshot, backlog") {
		t.Errorf("err = %v, want what there is", err)
	}
}

func TestGeneratorRepeatsItself(t *testing.T) {
	t.Parallel()
	a, b := newGenerator(100), newGenerator(100)
	first := a.insert(1, 3)
	if d := cmp.Diff(first, b.insert(1, 3)); d != "" {
		t.Error(d)
	}
	row := regexp.MustCompile(`\(\d+,\d+,'\d{11}(-\d{11}){9}','\d{11}(-\d{11}){4}'\)`)
	if n := len(row.FindAllString(first, -1)); n != 3 {
		t.Errorf("%d rows like sysbench's, want 3: %s", n, first)
	}
	if next := a.insert(1, 3); next == first {
		t.Error("the rows are the same again")
	}
}

func TestThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 2_000_000: "2,000,000"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
}
