package server

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// Tail is where a server's log ends.
type Tail struct {
	// Now is the server's clock.
	Now time.Time
	// Executed is nil where the log has no GTIDs of MySQL.
	Executed *gtid.Set
	// Domains has MariaDB's last sequence number of each domain, nil on MySQL.
	Domains map[uint32]uint64
	// End is where the next transaction will stand.
	End position.Place
}

// Tail asks for it. facts are the server's.
func (c *Conn) Tail(facts *Facts) (*Tail, error) {
	set := "''"
	switch {
	case facts.MariaDB:
		set = "@@GLOBAL.gtid_binlog_pos"
	case facts.ByGTID:
		set = "@@GLOBAL.gtid_executed"
	}
	rows, err := c.Ask("SELECT UNIX_TIMESTAMP(), " + set)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		return nil, fmt.Errorf("read the server's clock: %d rows", len(rows))
	}
	t := &Tail{}
	seconds, err := strconv.ParseInt(rows[0][0], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read the server's clock: %w", err)
	}
	t.Now = time.Unix(seconds, 0)
	if facts.MariaDB {
		t.Domains, err = ParseDomains(rows[0][1])
	} else if facts.ByGTID {
		t.Executed, err = gtid.ParseSet(rows[0][1])
	}
	if err != nil {
		return nil, err
	}
	t.End, _, err = c.Log(false)
	return t, err
}

var errDomains = errors.New("not in the notation of MariaDB's GTIDs (domain-server-sequence)")

// ParseDomains reads the last sequence number of each domain from a position in
// MariaDB's notation.
func ParseDomains(text string) (map[uint32]uint64, error) {
	out := map[uint32]uint64{}
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		fields := strings.Split(part, "-")
		if len(fields) != 3 {
			return nil, fmt.Errorf("position %q: %w", text, errDomains)
		}
		domain, errA := strconv.ParseUint(fields[0], 10, 32)
		sequence, errB := strconv.ParseUint(fields[2], 10, 64)
		if errA != nil || errB != nil {
			return nil, fmt.Errorf("position %q: %w", text, errDomains)
		}
		out[uint32(domain)] = max(out[uint32(domain)], sequence)
	}
	return out, nil
}

// DomainsAt returns MariaDB's last sequence number of each domain before a place
// in its log, nil if the server does not know the place. It reads the file up to there.
func (c *Conn) DomainsAt(at position.Place) (map[uint32]uint64, error) {
	rows, err := c.Ask(fmt.Sprintf("SELECT BINLOG_GTID_POS(%s, %d) AS p, BINLOG_GTID_POS(%[1]s, %[2]d) IS NULL", Literal(at.File), at.Pos))
	if err != nil || len(rows) != 1 || rows[0][1] != "0" {
		return nil, err
	}
	return ParseDomains(rows[0][0])
}

// errNoSet is a log file of a server that does not write sets of GTIDs.
var errNoSet = errors.New("the log file has no PREVIOUS_GTIDS event")

// PreviousGTIDs returns what was executed before a file of the log was begun. It
// needs REPLICATION SLAVE.
func (c *Conn) PreviousGTIDs(file string) (*gtid.Set, error) {
	rows, err := c.AskNamed("SHOW BINLOG EVENTS IN " + Literal(file) + " LIMIT 2")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if strings.EqualFold(r["event_type"], "Previous_gtids") {
			return gtid.ParseSet(r["info"])
		}
	}
	return nil, fmt.Errorf("%s: %w", file, errNoSet)
}

// Variables returns the values of global variables; those that the server does not
// have are left out.
func (c *Conn) Variables(names ...string) (map[string]string, error) {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = Literal(n)
	}
	rows, err := c.Ask("SHOW GLOBAL VARIABLES WHERE Variable_name IN (" + strings.Join(quoted, ", ") + ")")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, r := range rows {
		out[strings.ToLower(r[0])] = r[1]
	}
	return out, nil
}
