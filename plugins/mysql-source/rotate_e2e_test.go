//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
	"github.com/leat-io/leat/sdk/tlsconfig/tlstest"
)

// rotation is a source whose user has what it logs in with in files.
type rotation struct {
	*bench
	user, dir string
}

// newRotation makes the user, with what CREATE USER takes behind its name.
func newRotation(t *testing.T, user, with string) *rotation {
	t.Helper()
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
	b.exec("DROP USER IF EXISTS "+user, "CREATE USER "+user+" "+with,
		"GRANT SELECT, RELOAD, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO "+user)
	t.Cleanup(func() { b.exec("DROP USER " + user) })
	return &rotation{b, user, t.TempDir()}
}

// write replaces a file as a whole.
func (r *rotation) write(name, text string) string {
	r.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		r.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		r.Fatal(err)
	}
	return path
}

// cut ends the user's connections.
func (r *rotation) cut() {
	r.Helper()
	conn, err := r.server.DB(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	defer conn.Close()
	rows, err := conn.Execute("SELECT id FROM information_schema.processlist WHERE user = '" + r.user + "'")
	if err != nil {
		r.Fatal(err)
	}
	for i := range rows.RowNumber() {
		id, err := rows.GetInt(i, 0)
		if err != nil {
			r.Fatal(err)
		}
		_, _ = conn.Execute(fmt.Sprintf("KILL %d", id)) // it may be gone
	}
}

// restoreTLS gives the server its own certificates back at the end of the test.
func (r *rotation) restoreTLS() {
	r.Helper()
	conn, err := r.server.DB(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	defer conn.Close()
	rows, err := conn.Execute("SELECT @@ssl_ca, @@ssl_cert, @@ssl_key")
	if err != nil {
		r.Fatal(err)
	}
	var set []string
	for i, name := range []string{"ssl_ca", "ssl_cert", "ssl_key"} {
		path, err := rows.GetString(0, i)
		if err != nil {
			r.Fatal(err)
		}
		set = append(set, fmt.Sprintf("GLOBAL %s = '%s'", name, path))
	}
	r.Cleanup(func() { r.exec("SET "+strings.Join(set, ", "), "ALTER INSTANCE RELOAD TLS") })
}

// refused waits until the source has been refused with a text, and goes on.
func (r *rotation) refused(x *run, text string) {
	r.Helper()
	x.until(func() bool { return strings.Contains(r.log.String(), text) })
	time.Sleep(time.Second)
	if ended := x.ended(); ended != "no" {
		r.Fatalf("a source that was refused has ended: %s", ended)
	}
}

// TestSource_passwordChanges changes a password while the source reads: first in
// the server, so that the source is refused for a while, then in the file.
func TestSource_passwordChanges(t *testing.T) {
	r := newRotation(t, "leat_rotated", "IDENTIFIED BY 'pw-of-before'")
	r.config.User = config.TextFile("user", r.write("user", "leat_rotated\n"))
	r.config.Password = config.SecretFile("password", r.write("password", "pw-of-before\n"))
	x := r.start(newRecorder(1))
	x.expect(0, "r a {1}")
	x.reading()

	r.exec("ALTER USER leat_rotated IDENTIFIED BY 'pw-of-after'")
	r.cut()
	r.exec("INSERT INTO a VALUES (2)")
	r.refused(x, "check user and password")
	r.write("password", "pw-of-after\n")
	x.expect(0, "r a {1}", "c a {2}")

	// The file alone is gone for a moment.
	if err := os.Remove(filepath.Join(r.dir, "password")); err != nil {
		t.Fatal(err)
	}
	x.reading()
	r.cut()
	r.refused(x, "cannot be read: no such file")
	r.write("password", "pw-of-after\n")
	r.exec("INSERT INTO a VALUES (3)")
	x.expect(0, "r a {1}", "c a {2}", "c a {3}")
	for _, password := range []string{"pw-of-before", "pw-of-after"} {
		if strings.Contains(r.log.String(), password) {
			t.Errorf("the log shows the password %s", password)
		}
	}
	x.stop()
}

// TestSource_certificatesChange gives server and source certificates of another
// authority while the source reads, the server first.
func TestSource_certificatesChange(t *testing.T) {
	r := newRotation(t, "leat_certified", "IDENTIFIED BY 'pw' REQUIRE X509")
	r.restoreTLS()
	rotate := func() (server, client func()) {
		a := tlstest.NewAuthority(t)
		cert, key := a.Issue(t, r.server.Host)
		mine, mineKey := a.Issue(t, "leat")
		server = func() {
			r.exec("SET GLOBAL ssl_ca = '"+r.write("server-ca.pem", a.PEM)+"', GLOBAL ssl_cert = '"+r.write("server-cert.pem", cert)+
				"', GLOBAL ssl_key = '"+r.write("server-key.pem", key)+"'", "ALTER INSTANCE RELOAD TLS")
		}
		return server, func() {
			r.write("ca.pem", a.PEM)
			r.write("cert.pem", mine)
			r.write("key.pem", mineKey)
		}
	}
	server, client := rotate()
	server()
	client()
	r.config.User, r.config.Password = config.NewText("leat_certified"), config.NewSecret("pw")
	r.config.TLS = tlsconfig.Config{
		Mode: tlsconfig.VerifyIdentity, CA: config.NewText(filepath.Join(r.dir, "ca.pem")),
		Cert: config.NewText(filepath.Join(r.dir, "cert.pem")), Key: config.NewSecret(filepath.Join(r.dir, "key.pem")),
	}
	x := r.start(newRecorder(1))
	x.expect(0, "r a {1}")
	x.reading()

	server, client = rotate()
	server()
	r.cut()
	r.exec("INSERT INTO a VALUES (2)")
	r.refused(x, "certificate is not trusted")
	client()
	x.expect(0, "r a {1}", "c a {2}")
	x.stop()
}
