package servers

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// externalMySQL takes the server at dsn, which variable holds, and changes nothing on it.
func externalMySQL(ctx context.Context, service, variable, dsn string) (*MySQLServer, error) {
	s, err := parseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", variable, err)
	}
	s.Process = &Process{service: service, external: variable}
	if s.Flavor, err = s.flavor(ctx); err != nil {
		return nil, fmt.Errorf("use %s: %w", variable, err)
	}
	return s, nil
}

// parseDSN splits user:password@host:port; the password may hold any of these separators.
func parseDSN(dsn string) (*MySQLServer, error) {
	// The value is not shown: it holds a password.
	const want = "the value must be user:password@host:port"
	at := strings.LastIndexByte(dsn, '@')
	if at < 0 {
		return nil, fmt.Errorf("no @ before the address: %s", want)
	}
	user, password, _ := strings.Cut(dsn[:at], ":")
	host, portText, err := net.SplitHostPort(dsn[at+1:])
	if err != nil {
		return nil, fmt.Errorf("split address: %w: %s", err, want)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil || user == "" || host == "" || port == 0 {
		return nil, fmt.Errorf("user, host or port is missing or malformed: %s", want)
	}
	return &MySQLServer{
		Host: host, Port: int(port), User: user, Password: password,
		CaptureUser: user, CapturePassword: password,
	}, nil
}

// createUsers gives a server for tests the users that one started here has.
func (s *MySQLServer) createUsers(ctx context.Context) error {
	scripts, err := scriptsDir()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(scripts, "users.sql"))
	if err != nil {
		return fmt.Errorf("create users: %w", err)
	}
	if err := s.Exec(ctx, strings.Split(strings.TrimSpace(string(text)), "\n")...); err != nil {
		return fmt.Errorf("create users: %w", err)
	}
	s.CaptureUser, s.CapturePassword = captureUser, captureUser
	return nil
}

// unconfigurable refuses a test that needs a configuration of its own on a server that is not ours:
// it would test something else than it says.
func unconfigurable(service, variable string, opts Options) error {
	if opts.Dir == "" && opts.Port == 0 && len(opts.Flags) == 0 && len(opts.Env) == 0 {
		return nil
	}
	return fmt.Errorf("configure %s: %s gives a server as it is, and this caller needs one with %s: unset %s for it",
		service, variable, strings.Join(append(opts.Flags, opts.Env...), " "), variable)
}
