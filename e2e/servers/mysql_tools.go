package servers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
)

// Dump writes what mysqldump says of the server, as the administrator. The server must have been started here.
func (s *MySQLServer) Dump(ctx context.Context, to io.Writer, args ...string) error {
	return s.tool(ctx, "dump", nil, to, args)
}

// Load has the mysql client run the statements of a dump, as the administrator. The server must have been started here.
func (s *MySQLServer) Load(ctx context.Context, from io.Reader, args ...string) error {
	return s.tool(ctx, "cli", from, nil, args)
}

func (s *MySQLServer) tool(ctx context.Context, verb string, in io.Reader, out io.Writer, args []string) error {
	if s.external != "" {
		return s.errExternal(verb)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, s.script, append([]string{verb, s.dir}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", verb, s.service, err, bytes.TrimSpace(said.Bytes()))
	}
	return nil
}
