package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// EnvDemoMySQL gives the demo a MySQL or MariaDB server, as user:password@host:port of a user who
// may write as well as capture. No other user is made on it.
const EnvDemoMySQL = "LEAT_DEMO_MYSQL"

// DemoMySQL finds the demo a server on any machine: the one that EnvDemoMySQL names; else a mysqld
// or mariadbd of the PATH, with data of its own and nothing to do with a server that already runs;
// else one fetched as for the tests. It tells the user on standard error what takes time.
func DemoMySQL(ctx context.Context) (*MySQLServer, error) {
	if dsn := os.Getenv(EnvDemoMySQL); dsn != "" {
		return externalMySQL(ctx, "mysql", EnvDemoMySQL, dsn)
	}
	var tried error
	for _, program := range installed(ctx) {
		server, err := launchMySQL(ctx, program.service, Options{Env: []string{program.env}})
		if err == nil {
			return server, nil
		}
		// An installed one may be too old, or confined to the data of the system's server.
		tried = errors.Join(tried, fmt.Errorf("use %s: %w", program.path, err))
	}
	server, err := launchMySQL(ctx, "mysql", Options{Progress: os.Stderr})
	if err != nil {
		return nil, fmt.Errorf("%w; set %s to user:password@host:port of a server that runs", errors.Join(tried, err), EnvDemoMySQL)
	}
	return server, nil
}

// program is an installed server: its path, the script that runs its kind, and the variable by
// which the script is told to.
type program struct {
	path, service, env string
}

// installed lists the servers on the PATH. A mysqld may be MariaDB's: what counts is what it says.
func installed(ctx context.Context) []program {
	var found []program
	for _, name := range []string{"mysqld", "mariadbd"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		version, err := exec.CommandContext(ctx, path, "--no-defaults", "--version").Output()
		switch {
		case err != nil:
		case bytes.Contains(version, []byte("MariaDB")):
			found = append(found, program{path: path, service: "mariadb", env: "LEAT_MARIADBD=" + path})
		default:
			found = append(found, program{path: path, service: "mysql", env: "LEAT_MYSQLD=" + path})
		}
	}
	return found
}
