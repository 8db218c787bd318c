package preflight

import (
	"context"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// Checks are those of one configuration.
type Checks struct {
	Server *server.Settings
	Filter *filter.Filter
	// ReplicaID is the server_id we would have.
	ReplicaID uint32
	// GTIDFilter says that gtid.include or gtid.exclude is set; Ignore is what
	// they leave out.
	GTIDFilter bool
	Ignore     func(gtid.UUID) bool

	findings []sdk.Finding
}

// Run makes all checks that make sense after those before them.
func (c *Checks) Run(ctx context.Context) []sdk.Finding {
	conn, err := c.Server.Connect(ctx)
	if err != nil {
		c.fail("connection", server.Key(err), err.Error(), "")
		return c.findings
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	c.ok("connection", "host", fmt.Sprintf("logged in at %s as %s", c.Server.Address(), c.Server.User.Shown()))
	facts, err := conn.Facts()
	if err != nil {
		c.fail("variables", "", err.Error(), "")
		return c.findings
	}
	c.variables(facts)
	c.grants(conn)
	c.connections(conn)
	c.log(conn, facts)
	c.replicas(conn, facts)
	c.origins(conn, facts)
	c.tables(conn, facts)
	return c.findings
}

func (c *Checks) add(s sdk.Severity, check, path, message, cure string) {
	c.findings = append(c.findings, sdk.Finding{Severity: s, Check: check, Path: path, Message: message, Cure: cure})
}

func (c *Checks) ok(check, path, message string) { c.add(sdk.OK, check, path, message, "") }

func (c *Checks) warn(check, path, message, cure string) {
	c.add(sdk.Warning, check, path, message, cure)
}

func (c *Checks) fail(check, path, message, cure string) {
	c.add(sdk.Error, check, path, message, cure)
}
