package servers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
)

// EnvMySQL gives the tests a MySQL server that already runs, as user:password@host:port of a
// user who may do all. Where no server can be fetched it is the way to test against a real one.
const EnvMySQL = "LEAT_E2E_MYSQL"

// EnvMariaDB gives them a MariaDB server likewise.
const EnvMariaDB = "LEAT_E2E_MARIADB"

// The flavors of a MySQLServer, in the words of go-mysql.
const (
	FlavorMySQL   = "mysql"
	FlavorMariaDB = "mariadb"
)

const (
	captureUser = "cdc" // the script's; its password is the same
	dialLimit   = 10 * time.Second
)

// MySQLServer is a server with row-based binlog, GTIDs and full row metadata, and with the users
// cdc (password cdc), who may do what capturing needs and no more, and app (password app), who may do all.
type MySQLServer struct {
	*Process
	Host string
	Port int
	// User and Password are of the administrator, who may reach it over TCP.
	User, Password string
	// CaptureUser and CapturePassword are of the one to capture as: cdc, or whom the demo was given.
	CaptureUser, CapturePassword string
	// Socket is the path of its unix socket; empty for a server that was not started here.
	Socket string
	// Flavor is FlavorMySQL or FlavorMariaDB.
	Flavor string
}

// MySQL starts a MySQL server with empty data, or takes the one that EnvMySQL names.
func MySQL(ctx context.Context, opts Options) (*MySQLServer, error) {
	return testedMySQL(ctx, "mysql", EnvMySQL, opts)
}

// MariaDB starts a MariaDB server with empty data, or takes the one that EnvMariaDB names.
func MariaDB(ctx context.Context, opts Options) (*MySQLServer, error) {
	return testedMySQL(ctx, "mariadb", EnvMariaDB, opts)
}

// Addr is host:port.
func (s *MySQLServer) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// DB connects as the administrator. The connection is the caller's to close.
func (s *MySQLServer) DB(ctx context.Context) (*client.Conn, error) {
	conn, err := client.ConnectWithContext(ctx, s.Addr(), s.User, s.Password, "", dialLimit)
	if err != nil {
		return nil, fmt.Errorf("connect to MySQL at %s as %s: %w", s.Addr(), s.User, err)
	}
	return conn, nil
}

// Exec runs statements in order, as the administrator, on one connection of its own.
func (s *MySQLServer) Exec(ctx context.Context, statements ...string) error {
	conn, err := s.DB(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, statement := range statements {
		if _, err := conn.Execute(statement); err != nil {
			return fmt.Errorf("execute %q: %w", shorten(statement), err)
		}
	}
	return nil
}

func testedMySQL(ctx context.Context, service, variable string, opts Options) (*MySQLServer, error) {
	dsn := os.Getenv(variable)
	if dsn == "" {
		return launchMySQL(ctx, service, opts)
	}
	if err := unconfigurable(service, variable, opts); err != nil {
		return nil, err
	}
	s, err := externalMySQL(ctx, service, variable, dsn)
	if err != nil {
		return nil, err
	}
	if err := s.createUsers(ctx); err != nil {
		return nil, fmt.Errorf("use %s: %w", variable, err)
	}
	return s, nil
}

// launchMySQL starts what the script service.sh runs.
func launchMySQL(ctx context.Context, service string, opts Options) (*MySQLServer, error) {
	ready := func(ctx context.Context, port int) error {
		probe := MySQLServer{Host: "127.0.0.1", Port: port, User: "root"}
		_, err := probe.flavor(ctx)
		return err
	}
	process, err := launch(ctx, recipe{service: service, ports: 1, ready: ready}, opts)
	if err != nil {
		return nil, err
	}
	s := &MySQLServer{
		Process: process, Host: "127.0.0.1", Port: process.port(), User: "root",
		CaptureUser: captureUser, CapturePassword: captureUser,
		Socket: filepath.Join(process.dir, "mysql.sock"),
	}
	if s.Flavor, err = s.flavor(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// flavor asks the server what it is, and so whether it answers.
func (s *MySQLServer) flavor(ctx context.Context) (string, error) {
	conn, err := s.DB(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	result, err := conn.Execute("SELECT VERSION()")
	if err != nil {
		return "", fmt.Errorf("read version: %w", err)
	}
	defer result.Close()
	version, err := result.GetString(0, 0)
	if err != nil {
		return "", fmt.Errorf("read version: %w", err)
	}
	if strings.Contains(version, "MariaDB") {
		return FlavorMariaDB, nil
	}
	return FlavorMySQL, nil
}

func shorten(statement string) string {
	const most = 200
	if len(statement) <= most {
		return statement
	}
	return statement[:most] + "…"
}
