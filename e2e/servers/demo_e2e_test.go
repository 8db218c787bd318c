//go:build e2e

package servers

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// demoMySQL starts the demo's server with a PATH that has only the shell's tools and dirs.
func demoMySQL(t *testing.T, dirs ...string) *MySQLServer {
	t.Helper()
	t.Setenv("PATH", strings.Join(append(dirs, "/usr/bin", "/bin"), ":"))
	server, err := DemoMySQL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, server.Process)
	return server
}

// cached fetches a server and returns its folder.
func cached(t *testing.T, script string) string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "../services/"+script, "fetch").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(root))
}

// install makes a folder as /usr is where a package is installed: bin/name, and share as root has
// it. It returns the bin folder. What name does is said in shell.
func install(t *testing.T, name, shell, root string) string {
	t.Helper()
	prefix := t.TempDir()
	bin := filepath.Join(prefix, "bin")
	err := errors.Join(
		os.Mkdir(bin, 0o700),
		os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+shell+"\n"), 0o700),
		os.Symlink(filepath.Join(root, "usr", "share"), filepath.Join(prefix, "share")),
	)
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func TestDemoMySQL(t *testing.T) {
	mysql, mariadb := cached(t, "mysql.sh"), cached(t, "mariadb.sh")
	flags := strings.ReplaceAll(" --basedir=R/usr --plugin-dir=R/usr/lib/mysql/plugin"+
		" --character-sets-dir=R/usr/share/mysql/charsets --lc-messages-dir=R/usr/share/mysql", "R", mysql)

	t.Run("MySQL of the PATH", func(t *testing.T) {
		bin := install(t, "mysqld", "exec "+mysql+`/bin/mysqld "$@"`+flags, mysql)
		server := demoMySQL(t, bin)
		if server.Flavor != FlavorMySQL {
			t.Errorf("Flavor = %q, want mysql", server.Flavor)
		}
		if got := commandLine(t, server.Pid()); !strings.Contains(got, strings.TrimSpace(flags[:20])) {
			t.Errorf("%q runs, want what is on the PATH", got)
		}
	})
	t.Run("MariaDB of the PATH", func(t *testing.T) {
		server := demoMySQL(t, install(t, "mysqld", "exec "+mariadb+`/bin/mariadbd "$@"`, mariadb))
		if server.Flavor != FlavorMariaDB {
			t.Errorf("Flavor = %q, want mariadb", server.Flavor)
		}
	})
	t.Run("fetched when nothing is installed", func(t *testing.T) {
		server := demoMySQL(t)
		if server.Flavor != FlavorMySQL || server.CaptureUser != "cdc" {
			t.Errorf("Flavor %q, CaptureUser %q, want mysql and cdc", server.Flavor, server.CaptureUser)
		}
	})
	t.Run("fetched when what is installed does not start", func(t *testing.T) {
		server := demoMySQL(t, install(t, "mysqld", `[ "$2" = --version ]`, mysql))
		if server.Flavor != FlavorMySQL {
			t.Errorf("Flavor %q, want mysql", server.Flavor)
		}
	})
	t.Run("given", func(t *testing.T) {
		owner := demoMySQL(t)
		if err := owner.Exec(t.Context(), "DROP USER cdc@'%'"); err != nil {
			t.Fatal(err)
		}
		t.Setenv(EnvDemoMySQL, "app:app@"+owner.Addr())
		server := demoMySQL(t)
		if server.CaptureUser != "app" || server.Pid() != 0 {
			t.Errorf("CaptureUser %q, pid %d, want app and none", server.CaptureUser, server.Pid())
		}
		users := ask(t, server, "app", "app", "SELECT COUNT(*) FROM mysql.user WHERE user = 'cdc'")
		if diff := cmp.Diff([]string{"0"}, users); diff != "" {
			t.Errorf("users made on a server that was given (-want +got):\n%s", diff)
		}
	})
}

func commandLine(t *testing.T, pid int) string {
	t.Helper()
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(line), "\x00", " ")
}
