//! The scripts that Redis runs, each as a whole: nobody sees or makes a half of it.

/// Counts up and gives a new counter its end. Key: the counter. Argument: its lifetime in milliseconds.
pub(super) const COUNT: &str = r"
local count = redis.call('INCR', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
";

/// Updates a session as [`super::super::Session::updated`] does, and keeps an answer. Keys: the session; the answer, where there is one
/// to be kept. Arguments: the update as JSON, how many messages stay, the session's lifetime in milliseconds; the answer, its
/// lifetime. An empty list would become `{}` (cjson knows no lists), so it is left out.
pub(super) const CLOSE_REQUEST: &str = r"
local update = cjson.decode(ARGV[1])
local session = update.rebuilt or {}
local stored = redis.call('GET', KEYS[1])
if stored then
  local ok, read = pcall(cjson.decode, stored)
  if ok and type(read) == 'table' then session = read end
end
local fields = type(session.fields) == 'table' and session.fields or {}
local messages = type(session.messages) == 'table' and session.messages or {}
for name, text in pairs(update.fields) do fields[name] = text end
for _, message in ipairs(update.messages) do messages[#messages + 1] = message end
local first = math.max(1, #messages - tonumber(ARGV[2]) + 1)
local last = {}
for at = first, #messages do last[#last + 1] = messages[at] end
session = { fields = fields }
if #last > 0 then session.messages = last end
redis.call('SET', KEYS[1], cjson.encode(session), 'PX', ARGV[3])
if KEYS[2] then redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[5]) end
return 1
";

/// States that the list of revoked tokens is whole, unless Redis lost its memory since it began to be written. Keys: the mark, the
/// mark of writing. Arguments: what the mark of writing must hold, the lifetime in milliseconds.
pub(super) const LIST_IS_WHOLE: &str = r"
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
";
