//go:build e2e

package topology

import (
	"fmt"
	"os"
	"strings"

	"github.com/leat-io/leat/e2e/servers"
)

// serviceFails kills the service's server of shop and promotes the standby, whose transactions
// pass no gtid.include yet: leat has to say what it leaves out, and to take all of it once it may.
func (s *site) serviceFails() {
	s.t.Helper()
	standby := s.uuid(s.standby)
	said := s.log("shop")
	s.promoted(s.standby, s.shop)
	s.writesMore("shop")
	left := s.ledger.Cut().Of("shop")
	s.says("shop", said, "server_uuid="+standby)
	s.waitFor("the metric of what is left out", func() error { return s.leavesOut("shop", standby) })
	s.caughtUp("billing")
	if len(s.audit.Missing(left)) == 0 {
		s.t.Error("rows came of a server that is not included")
	}

	s.t.Setenv("SHOP_STANDBY_UUID", standby)
	s.runs([]string{"shop"})
	s.has(left)
	s.caughtUp("shop", "billing", "stock")
}

// serviceFailsBack goes back to the first server as a switchover: both are included now, so leat
// needs nobody.
func (s *site) serviceFailsBack() {
	s.t.Helper()
	if err := s.shop.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.replica(s.shop, s.standby)
	s.promoted(s.shop, s.standby)
	s.writesMore("shop")
	s.caughtUp("shop")
	if err := s.leavesOut("shop", os.Getenv("SHOP_STANDBY_UUID")); err == nil {
		s.t.Error("transactions of the standby are left out, though it is included")
	}
}

// replica has a server follow another altogether.
func (s *site) replica(server, from *servers.MySQLServer) {
	s.t.Helper()
	s.exec(server, strings.TrimSuffix(s.source(from, ""), " FOR CHANNEL ''"), "START REPLICA")
}

// promoted has a replica of shop take the place of its source, which is killed once the replica has
// all that it wrote; then the channels follow the replica.
func (s *site) promoted(replica, before *servers.MySQLServer) {
	s.t.Helper()
	w := s.writers["shop"]
	resume := w.rest()
	defer resume()
	for _, follower := range []*servers.MySQLServer{replica, s.primary, s.secondary} {
		s.followed(follower, before)
	}
	if err := before.Kill(); err != nil {
		s.t.Fatal(err)
	}
	s.exec(replica, "STOP REPLICA", "RESET REPLICA ALL")
	for _, capture := range []*servers.MySQLServer{s.primary, s.secondary} {
		s.exec(capture, "STOP REPLICA FOR CHANNEL 'shop'", s.source(replica, "shop"), "START REPLICA FOR CHANNEL 'shop'")
	}
	w.moveTo(replica)
}

// leavesOut says whether the metric counts transactions of a server that are left out.
func (s *site) leavesOut(pipeline, uuid string) error {
	text, err := s.hosts[pipeline].Metrics()
	if err != nil {
		return err
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "leat_mysql_ignored_transactions_total{") &&
			strings.Contains(line, fmt.Sprintf("pipeline=%q", pipeline)) && strings.Contains(line, fmt.Sprintf("server_uuid=%q", uuid)) {
			return nil
		}
	}
	return fmt.Errorf("no leat_mysql_ignored_transactions_total of %s for %s", pipeline, uuid)
}
