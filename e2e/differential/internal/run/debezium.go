package run

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
	"github.com/leat-io/leat/e2e/differential/internal/topics"
	"github.com/leat-io/leat/e2e/servers"
)

// firstServerID is the lowest number by which the server knows the connectors.
const firstServerID = 700_000_000

// debezium starts a connector for the databases of a case.
func (l *Lab) debezium(ctx context.Context, c *sqlcase.Case, prefix string, databases []string, number uint32) (*contender, error) {
	quoted := make([]string, len(databases))
	for i, d := range databases {
		quoted[i] = regexp.QuoteMeta(d)
	}
	extra := map[string]string{
		"database.include.list": strings.Join(quoted, ","),
		"poll.interval.ms":      "20",
		// Other cases have tables and statements that this connector has nothing to do with.
		"schema.history.internal.store.only.captured.databases.ddl": "true",
	}
	for _, option := range c.Debezium {
		name, value, _ := strings.Cut(option, "=")
		extra[name] = value
	}
	reader, err := topics.NewReader(l.Kafka.Bootstrap, l.Registry.URL, prefix)
	if err != nil {
		return nil, err
	}
	config := servers.DebeziumConfig(l.MySQL, prefix, firstServerID+number, extra)
	if err := l.Connect.Create(ctx, prefix, config); err != nil {
		reader.Close()
		return nil, err
	}
	return &contender{
		Reader: reader, name: "Debezium",
		check: func(ctx context.Context) error { return stopped(l.Connect.Check(ctx, prefix)) },
		stop:  func(ctx context.Context) error { return l.Connect.Delete(ctx, prefix) },
	}, nil
}

// stopped tells a connector that has failed from one that has not been made yet.
func stopped(err error) error {
	if errors.Is(err, servers.ErrConnectorFailed) {
		return fmt.Errorf("%w: %w", ErrStopped, err)
	}
	return nil
}
