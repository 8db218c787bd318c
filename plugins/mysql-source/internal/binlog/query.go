package binlog

import "fmt"

// Query is a statement in the log, with the parts of its session that decide
// how it is read; BEGIN and COMMIT come without. Its slices refer to the event.
type Query struct {
	Thread   uint32
	Database []byte // in UTF-8, whatever the session's character set is
	Text     []byte
	Session
	status []byte
}

// ParseQuery reads the body of a QUERY event.
func ParseQuery(body []byte) (Query, error) {
	var q Query
	c := cursor{rest: body}
	q.Thread = uint32(c.uint(4))
	c.take(4) // time it took
	database := c.uint(1)
	c.take(2) // error code
	q.status = c.take(c.uint(2))
	q.Database = c.take(database)
	c.take(1) // terminator
	q.Text = c.rest
	if c.bad {
		return q, fmt.Errorf("%w: QUERY of %d bytes", ErrDamaged, len(body))
	}
	if !q.IsBegin() && !q.IsCommit() {
		return q, q.ReadSession()
	}
	return q, nil
}

// ReadSession reads the session of a BEGIN or COMMIT too.
func (q *Query) ReadSession() (err error) {
	q.Session, err = parseSession(q.status)
	return err
}

// IsBegin says whether the statement opens a transaction, in the words of the server.
func (q *Query) IsBegin() bool { return string(q.Text) == "BEGIN" }

// IsCommit says whether it ends one, in the words of the server.
func (q *Query) IsCommit() bool { return string(q.Text) == "COMMIT" }

// LoadQuery is the statement of an EXECUTE_LOAD_QUERY event: LOAD DATA that is
// logged as a statement.
func LoadQuery(body []byte) (Query, error) {
	const extra = 13 // file id, two offsets, duplicate handling
	const head = 4 + 4 + 1 + 2 + 2
	if len(body) < head+extra {
		return Query{}, fmt.Errorf("%w: EXECUTE_LOAD_QUERY of %d bytes", ErrDamaged, len(body))
	}
	return ParseQuery(append(body[:head:head], body[head+extra:]...))
}
