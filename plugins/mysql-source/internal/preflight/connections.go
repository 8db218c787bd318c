package preflight

import (
	"fmt"
	"strconv"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// connectionsNeeded is how many a source has at once at most: the stream's, three
// for questions, and two of a snapshot for another sink, while validate has its own.
const connectionsNeeded = 7

// connections checks how many the account may have at once.
func (c *Checks) connections(conn *server.Conn) {
	text, err := conn.Value("SELECT @@SESSION.max_user_connections")
	if err != nil {
		c.warn("connections", "user", err.Error(), "")
		return
	}
	n, _ := strconv.ParseUint(text, 10, 64) // 0 is no limit
	if n == 0 || n >= connectionsNeeded {
		c.ok("connections", "user", "the account may have as many connections as are needed")
		return
	}
	c.fail("connections", "user", fmt.Sprintf("user %s may have %d connections at once, and a pipeline needs up to %d", c.Server.User.Shown(), n, connectionsNeeded),
		fmt.Sprintf("ALTER USER '%s'@'…' WITH MAX_USER_CONNECTIONS %d or more, or raise max_user_connections if it is set on the server", c.Server.User.Shown(), connectionsNeeded))
}
