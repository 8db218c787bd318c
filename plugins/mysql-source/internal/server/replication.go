package server

import "strings"

// AskNamed returns the rows of a query by the names of its columns, in lower case.
func (c *Conn) AskNamed(query string) ([]map[string]string, error) {
	r, err := c.Execute(query)
	if err != nil {
		return nil, Marked(err)
	}
	defer r.Close()
	out := make([]map[string]string, r.RowNumber())
	for i := range out {
		out[i] = map[string]string{}
		for name, j := range r.FieldNames {
			text, err := r.GetString(i, j)
			if err != nil {
				return nil, err
			}
			out[i][strings.ToLower(name)] = strings.Clone(text)
		}
	}
	return out, nil
}

// LogFilters returns the databases that alone are in the server's log, if there
// are any, and those that are not in it.
func (c *Conn) LogFilters() (only, without []string, err error) {
	rows, err := c.AskNamed("SHOW BINARY LOG STATUS")
	if unknownStatement(err) {
		rows, err = c.AskNamed("SHOW MASTER STATUS")
	}
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	return names(rows[0]["binlog_do_db"]), names(rows[0]["binlog_ignore_db"]), nil
}

// Upstreams returns the servers that this one replicates from, one for each
// channel, with what SHOW REPLICA STATUS says of it.
func (c *Conn) Upstreams() ([]map[string]string, error) {
	rows, err := c.AskNamed("SHOW REPLICA STATUS")
	if unknownStatement(err) { // before MySQL 8.0.22 and MariaDB 10.5
		rows, err = c.AskNamed("SHOW SLAVE STATUS")
	}
	return rows, err
}

// Replicas returns those that read this server's log, first their server_id and host.
func (c *Conn) Replicas() ([][]string, error) {
	rows, err := c.Ask("SHOW REPLICAS")
	if unknownStatement(err) { // before MySQL 8.0.22, and MariaDB
		rows, err = c.Ask("SHOW SLAVE HOSTS")
	}
	return rows, err
}

func names(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}
