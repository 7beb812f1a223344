// The page itself tells: qf.push(["consent", true]).
const listen = () => {};
