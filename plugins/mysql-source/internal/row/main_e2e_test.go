//go:build e2e

package row_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/leat-io/leat/e2e/servers"
)

// server is one MySQL for all tests of the package.
var server *servers.MySQLServer

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if server, err = servers.MySQL(context.Background(), servers.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Close()
	return m.Run()
}
