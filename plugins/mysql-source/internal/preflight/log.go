package preflight

import (
	"fmt"
	"strconv"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// log checks that the server tells where its log stands, which it does not if
// the user lacks a privilege or there is no log.
func (c *Checks) log(conn *server.Conn, f *server.Facts) {
	at, _, err := conn.Log(f.ByGTID)
	if err != nil {
		c.fail("position", "", err.Error(), "grant REPLICATION CLIENT, and start the server with log_bin")
		return
	}
	c.ok("position", "", fmt.Sprintf("the log stands at %s", at))
}

// replicas looks for another reader with our number: the server would end the
// older of the two, and they would take turns.
func (c *Checks) replicas(conn *server.Conn, f *server.Facts) {
	own := strconv.FormatUint(uint64(c.ReplicaID), 10)
	if f.Variables["server_id"] == own {
		c.fail("server_id", "server_id", "the server itself has server_id "+own, "choose another server_id")
		return
	}
	rows, err := conn.Replicas()
	if err != nil {
		c.warn("server_id", "server_id", "other replicas cannot be listed: "+err.Error(), "grant REPLICATION SLAVE (REPLICATION MASTER ADMIN on MariaDB)")
		return
	}
	for _, r := range rows {
		if r[0] == own {
			c.warn("server_id", "server_id", fmt.Sprintf("a replica at host %q has server_id %s: it is this pipeline if that runs or has just ended, else the two will disconnect each other", r[1], own), "choose another server_id, unless it is this pipeline")
			return
		}
	}
	c.ok("server_id", "server_id", "no other replica has server_id "+own)
}
