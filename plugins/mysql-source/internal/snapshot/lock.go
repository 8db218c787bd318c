package snapshot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// begin opens the transaction that rows are read in, and reads place and
// definitions that are of the same moment.
func (s *Snapshot) begin(ctx context.Context) (*server.Conn, error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.freeze(ctx, conn); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

func (s *Snapshot) connect(ctx context.Context) (*server.Conn, error) {
	conn, err := s.Server.Connect(ctx)
	if err != nil {
		return nil, err
	}
	timeout := fmt.Sprintf("SET SESSION lock_wait_timeout=%d", max(1, int(s.LockTimeout.Seconds())))
	if err := conn.Do(timeout); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("prepare snapshot: %w", err)
	}
	return conn, nil
}

// freeze does it under a lock on a connection of its own: a transaction would
// give up locks of its connection.
func (s *Snapshot) freeze(ctx context.Context, conn *server.Conn) error {
	locker, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = locker.Close() }() // and so the lock
	defer locker.Bind(ctx)()
	if s.facts, err = conn.Facts(); err != nil {
		return err
	}
	s.Health.Wait("the snapshot waits for the lock under which it begins, FLUSH TABLES WITH READ LOCK", nil)
	err = locker.Do("FLUSH TABLES WITH READ LOCK")
	if server.Refused(err) {
		return s.freezeTables(conn, locker)
	}
	if err != nil {
		return explainLock(err)
	}
	return s.look(conn)
}

// look begins the transaction and reads everything else while the lock holds.
func (s *Snapshot) look(conn *server.Conn) error {
	if err := conn.Do("START TRANSACTION WITH CONSISTENT SNAPSHOT"); err != nil {
		return err
	}
	place, set, err := conn.Log(s.facts.ByGTID)
	if err != nil {
		return err
	}
	s.at = position.Position{Server: s.facts.UUID, GTID: set, Place: place}
	return s.describe(conn)
}

// attempts to lock the captured tables while others create more of them.
const attempts = 5

// freezeTables locks the captured tables alone, where the global lock is not
// allowed. Writers of other tables go on, which does not matter: whatever the
// place says of them, their rows are not captured.
func (s *Snapshot) freezeTables(conn, locker *server.Conn) error {
	for range attempts {
		locked, err := s.captured(locker)
		if err != nil {
			return err
		}
		if len(locked) > 0 {
			s.Health.Wait("the snapshot waits for the lock under which it begins, LOCK TABLES of the captured tables", nil)
			if err := locker.Do("LOCK TABLES " + strings.Join(locked, " READ, ") + " READ"); err != nil {
				return explainLock(err)
			}
		}
		if err := s.look(conn); err != nil {
			return err
		}
		// A captured table that was created in between is in neither lock nor log.
		again, err := s.captured(conn)
		if err != nil {
			return err
		}
		if strings.Join(locked, ",") == strings.Join(again, ",") {
			return nil
		}
		if err := errors.Join(locker.Do("UNLOCK TABLES"), conn.Do("ROLLBACK")); err != nil {
			return err
		}
	}
	return sdk.Transient(errors.New("lock captured tables: new ones were created each time"))
}

func (s *Snapshot) captured(conn *server.Conn) ([]string, error) {
	all, err := conn.Tables()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range all {
		if s.Filter.Table(t.Name) {
			names = append(names, server.Quote(t.Name.Database)+"."+server.Quote(t.Name.Table))
		}
	}
	return names, nil
}

func explainLock(err error) error {
	var my *mysql.MyError
	switch {
	case errors.As(err, &my) && my.Code == mysql.ER_LOCK_WAIT_TIMEOUT:
		return sdk.Transient(fmt.Errorf("begin snapshot: a lock was not to be had in time, so that writers need not wait: end long transactions and statements, or raise snapshot.lock_timeout: %w", err))
	case server.Refused(err):
		return sdk.Permanent(fmt.Errorf("begin snapshot: the user may lock neither the server nor the captured tables: grant it RELOAD (or FLUSH_TABLES), or LOCK TABLES: %w", err))
	}
	return fmt.Errorf("begin snapshot: %w", err)
}
