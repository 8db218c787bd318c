package history

import (
	"errors"
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/sdk"
)

const c = "cccccccc-0000-0000-0000-000000000000"

func newly(texts ...string) func(gtid.UUID) bool {
	return func(u gtid.UUID) bool { return strings.Contains(strings.Join(texts, " "), u.String()) }
}

func TestOrder(t *testing.T) {
	t.Parallel()
	read := from(`{"server":"` + a + `","gtid":"` + a + `:1-3","file":"log.2","pos":300,"created":20,"anchor":{"id":"` + a + `:3","pos":200,"time":3000003}}`)
	within, unknown := read, read
	in, _ := gtid.Parse(a + ":4")
	within.In = &in
	unknown.Anchor = nil
	// holds has a log of files, each of transactions that are set apart by blanks.
	holds := func(files ...string) log {
		l := log{uuid: a}
		for i, text := range files {
			ids := strings.Fields(text)
			l.files = append(l.files, file{"log." + string(rune('1'+i)), 20, ids, make([]int64, len(ids))})
		}
		return l
	}
	purged := holds("", b+":1 "+a+":4")
	purged.purged = a + ":1-3"
	a123, b1, b2, c1, a4 := a+":1 "+a+":2 "+a+":3 ", b+":1 ", b+":2 ", c+":1 ", a+":4 "
	a12, a3 := a+":1 "+a+":2 ", a+":3 "
	tests := map[string]struct {
		from    position.Position
		verdict Verdict
		log     log
		newly   func(gtid.UUID) bool
		want    string // in the error
	}{
		"OK none are newly taken":               {read, Same, holds(b1 + a123), nil, ""},
		"OK none are missing":                   {read, Same, holds(a123), newly(b), ""},
		"OK behind":                             {read, Same, holds(a12, a3+b1), newly(b), ""},
		"OK behind, where the file was read":    {read, Elsewhere, holds(a123 + b1 + b2), newly(b), ""},
		"OK others that were taken before":      {read, Elsewhere, holds(b1 + a123 + c1), newly(c), ""},
		"OK the last one is purged":             {read, Elsewhere, purged, newly(b), ""},
		"OK behind the rest of a transaction":   {within, Same, holds(a123 + a4 + b1), newly(a, b), ""},
		"OK behind the place, the last unknown": {unknown, Same, holds(a+":1", a+":2 "+a3+a4+b1), newly(a, b), ""},
		"before":                                {read, Same, holds(a12, b1+a3), newly(b), "transactions of " + b + " (1) are missing, the first of all is " + b + ":1 at log.2:100, before " + a + ":3"},
		"before, more behind":                   {read, Elsewhere, holds(b1, a123+b2+a4), newly(b), "of " + b + " (2) are missing"},
		"before, those of one":                  {read, Same, holds(b1, a123+c1), newly(b, c), "of " + b + " (1) are missing"},
		"before, those of both":                 {read, Same, holds(c1+b1, a123), newly(b, c), "of " + b + " (1), " + c + " (1) are missing, the first of all is " + c + ":1"},
		"before the rest of a transaction":      {within, Same, holds(a123 + b1 + a4), newly(a, b), "before " + a + ":4"},
		"before the place, the last unknown":    {unknown, Same, holds(b1, a123), newly(b), "before log.2:300, up to which the log was read"},
		"at unknown places":                     {unknown, Elsewhere, holds(a123 + b1), newly(b), "nothing shows"},
		"before one that the server has not":    {within, Elsewhere, holds(a123 + b1), newly(b), "before " + a + ":4"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Order(tt.from, tt.verdict, &tt.log, tt.newly)
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.Is(err, ErrOvertaken) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if Cure(err) == "" {
				t.Error("no cure")
			}
		})
	}
}

func TestOrder_byFile(t *testing.T) {
	t.Parallel()
	if err := Order(from(`{"server":"`+a+`","file":"log.2","pos":300}`), Same, nil, newly(b)); err != nil {
		t.Error(err)
	}
}

// blind is a log that shows nothing.
type blind struct{ log }

func (b *blind) First(*gtid.Set) (binlog.Sight, error) { return binlog.Sight{}, nil }

// A log that does not show a transaction proves nothing, and may show it later.
func TestOrder_unseen(t *testing.T) {
	t.Parallel()
	l := &blind{log{uuid: a, files: []file{{"log.1", 20, []string{a + ":1", b + ":1"}, []int64{1, 2}}}}}
	read := from(`{"server":"` + a + `","gtid":"` + a + `:1","file":"log.1","pos":200,"created":20,"anchor":{"id":"` + a + `:1","pos":100,"time":1}}`)
	if err := Order(read, Same, l, newly(b)); !errors.Is(err, errUnseen) || !sdk.IsTransient(err) {
		t.Errorf("got %v", err)
	}
}
