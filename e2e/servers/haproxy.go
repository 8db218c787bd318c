package servers

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// HAProxyServer is a HAProxy with a socket for commands.
type HAProxyServer struct {
	*Process
	Host string
	Port int
	// Socket is the path of the unix socket that takes commands.
	Socket string
}

// HAProxy starts one with the configuration of a file, which has its port as ${HAPROXY_PORT} and
// the path of its socket as ${HAPROXY_SOCKET}, and what else it refers to from Options.Env.
func HAProxy(ctx context.Context, config string, opts Options) (*HAProxyServer, error) {
	path, err := filepath.Abs(config)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return nil, fmt.Errorf("start haproxy: %w", err)
	}
	s := &HAProxyServer{Host: "127.0.0.1"}
	opts.Flags = append([]string{path}, opts.Flags...)
	if s.Process, err = launch(ctx, recipe{service: "haproxy", ports: 1, ready: listens}, opts); err != nil {
		return nil, err
	}
	s.Port = s.port()
	s.Socket = filepath.Join(s.dir, "haproxy.sock")
	return s, nil
}

// listens tells whether somebody takes connections, whoever stands behind.
func listens(ctx context.Context, port int) error {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", loopback(port))
	if err != nil {
		return err
	}
	return conn.Close()
}

// Command has HAProxy do what its management guide calls a unix socket command, and returns its answer.
func (s *HAProxyServer) Command(ctx context.Context, command string) (string, error) {
	answer, err := s.command(ctx, command)
	if err != nil {
		return "", fmt.Errorf("command haproxy to %s: %w", command, err)
	}
	return answer, nil
}

func (s *HAProxyServer) command(ctx context.Context, command string) (string, error) {
	conn, err := (&net.Dialer{Timeout: dialLimit}).DialContext(ctx, "unix", s.Socket)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(dialLimit)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(conn, command+"\n"); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(conn)
	return strings.TrimSpace(string(answer)), err
}
