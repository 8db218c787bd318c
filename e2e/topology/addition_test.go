//go:build e2e

package topology

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/leat-io/leat/e2e/servers"
)

// serviceAdded brings a third database to both capture servers, one after the other, while the
// other is read, and then has a pipeline for it.
func (s *site) serviceAdded() {
	s.t.Helper()
	s.loaded(s.secondary)
	s.caughtUp("shop", "billing") // leat is past what the secondary has purged
	s.flip()
	s.caughtUp("shop", "billing")
	s.loaded(s.primary)
	s.caughtUp("shop", "billing")
	s.flipBack()
	s.caughtUp("shop", "billing")

	s.runs([]string{"stock"})
	s.snapshotsEnd("stock")
	s.caughtUp("stock", "shop", "billing")
}

// loaded puts a dump of stock on a capture server, begins its log anew behind it, and has it follow
// the service from there.
func (s *site) loaded(capture *servers.MySQLServer) {
	s.t.Helper()
	dump := s.dump()
	s.exec(capture, "STOP REPLICA", "SET GLOBAL super_read_only = OFF")
	executed := s.ask(capture, "SELECT @@gtid_executed") // without what the dump writes itself
	if err := capture.Load(s.t.Context(), bytes.NewReader(dump)); err != nil {
		s.t.Fatal(err)
	}
	s.exec(capture,
		"RESET BINARY LOGS AND GTIDS",
		fmt.Sprintf("SET GLOBAL gtid_purged = '%s,%s'", executed, dumped(s, dump)),
		"SET GLOBAL super_read_only = ON")
	s.channel(capture, s.stock, "stock")
	s.exec(capture, "START REPLICA")
	s.followed(capture, s.stock)
	s.followed(capture, s.shop)
	s.followed(capture, s.billing)
}

// dump is one of stock, with the transactions that it has as a comment.
func (s *site) dump() []byte {
	s.t.Helper()
	var out bytes.Buffer
	if err := s.stock.Dump(s.t.Context(), &out, "--single-transaction", "--set-gtid-purged=COMMENTED", "--routines", "--databases", "stock"); err != nil {
		s.t.Fatal(err)
	}
	return out.Bytes()
}

var purged = regexp.MustCompile(`SET @@GLOBAL\.GTID_PURGED='\+?([0-9a-f][0-9a-f:,\-\s]+)'`)

// dumped is the set of transactions in a dump.
func dumped(s *site, dump []byte) string {
	s.t.Helper()
	found := purged.FindSubmatch(dump)
	if found == nil {
		s.t.Fatalf("the dump does not say which transactions it has:\n%.2000s", dump)
	}
	return strings.Join(strings.Fields(string(found[1])), "")
}

// logBegunAnew resets the log of the server that is read, while leat reads it: what happens when
// nobody flips. The services rest, so that nothing is lost with the log.
func (s *site) logBegunAnew() {
	s.t.Helper()
	all := s.all()
	var resume []func()
	for _, database := range all {
		resume = append(resume, s.writers[database].rest())
	}
	s.caughtUp(all...)
	said := s.log("shop")
	s.exec(s.primary, "STOP REPLICA")
	executed := s.ask(s.primary, "SELECT @@gtid_executed")
	s.exec(s.primary, "RESET BINARY LOGS AND GTIDS", "SET GLOBAL gtid_purged = '"+executed+"'", "START REPLICA")
	began := time.Now()
	for _, f := range resume {
		f()
	}
	s.writesMore(all...)
	s.caughtUp(all...)
	s.gaps("the log begun anew", began)
	s.says("shop", said, "the server's log was made anew, and has all that comes next")
}
